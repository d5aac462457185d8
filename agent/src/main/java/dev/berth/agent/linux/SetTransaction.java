package dev.berth.agent.linux;

import dev.berth.agent.linux.Netlink.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Elements that come to sets and maps of one packet filter's table, or leave them, all at once: in
 * the kernel's own form, so that there is no script to read. Facts: the kernel's headers {@code
 * nfnetlink.h} and {@code nf_tables.h}.
 */
public final class SetTransaction {
  private static final short NEW_ELEMENT = 10 << 8 | 12;
  private static final short DELETE_ELEMENT = 10 << 8 | 14;
  private static final int FAMILY_INET = 1;
  private static final int LIST_TABLE = 1;
  private static final int LIST_SET = 2;
  private static final int LIST_ELEMENTS = 3;
  private static final int LIST_ELEMENT = 1;
  private static final int ELEMENT_KEY = 1;
  private static final int ELEMENT_DATA = 2;
  private static final int DATA_VALUE = 1;
  private static final int DATA_VERDICT = 2;
  private static final int VERDICT_CODE = 1;
  private static final int VERDICT_CHAIN = 2;
  private static final byte[] GOTO = {-1, -1, -1, -4};
  private static final int NESTED = 0x8000;

  private final String table;
  private final List<Message> messages = new ArrayList<>();

  /**
   * @param table of the family {@code inet}, without the family
   */
  public SetTransaction(String table) {
    this.table = table;
  }

  public boolean isEmpty() {
    return messages.isEmpty();
  }

  /** To a set. */
  public void add(String set, byte[] key) {
    messages.add(element(Message.making(NEW_ELEMENT), set, key, Optional.empty()));
  }

  /** To a map. */
  public void add(String map, byte[] key, byte[] value) {
    add(map, key, message -> message.attribute(DATA_VALUE, value));
  }

  /** To a map of verdicts: the packet goes on in that chain and does not come back. */
  public void addGoto(String map, byte[] key, String chain) {
    add(
        map,
        key,
        message -> {
          int verdict = message.begin(DATA_VERDICT | NESTED);
          message.attribute(VERDICT_CODE, GOTO).attribute(VERDICT_CHAIN, chain).end(verdict);
        });
  }

  public void remove(String set, byte[] key) {
    messages.add(element(Message.removing(DELETE_ELEMENT), set, key, Optional.empty()));
  }

  private void add(String map, byte[] key, Consumer<Message> value) {
    messages.add(element(Message.making(NEW_ELEMENT), map, key, Optional.of(value)));
  }

  private Message element(
      Message message, String set, byte[] key, Optional<Consumer<Message>> value) {
    message.octets(FAMILY_INET, 0, 0, 0).attribute(LIST_TABLE, table).attribute(LIST_SET, set);
    int elements = message.begin(LIST_ELEMENTS | NESTED);
    int element = message.begin(LIST_ELEMENT | NESTED);
    int start = message.begin(ELEMENT_KEY | NESTED);
    message.attribute(DATA_VALUE, key).end(start);
    if (value.isPresent()) {
      int data = message.begin(ELEMENT_DATA | NESTED);
      value.get().accept(message);
      message.end(data);
    }
    return message.end(element).end(elements);
  }

  /** Makes it so, or changes nothing. */
  void commit(Netlink netlink) throws IOException {
    netlink.transaction("elements of " + table, messages);
  }
}
