package dev.berth.agent.network.dns;

import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What a VPC's name server answers to a message. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  /** As AWS gives for names of interfaces. */
  private static final long TTL_SECONDS = 60;

  /** Of a UDP answer to one who did not say more. */
  private static final int DATAGRAM_BYTE_COUNT_PLAIN = 512;

  private static final int DATAGRAM_BYTE_COUNT_MAX = 4_096;

  private final Supplier<VpcNames> names;
  private final HostResolvers host;

  Answers(Supplier<VpcNames> names, HostResolvers host) {
    this.names = names;
    this.host = host;
  }

  /** Empty where the message is nothing that is answered at all. */
  byte[] answer(byte[] bytes, boolean stream) {
    Message question;
    try {
      question = new Message(bytes);
    } catch (IOException garbled) {
      return new byte[0];
    }
    if (question.getHeader().getFlag(Flags.QR)) {
      return new byte[0];
    }
    var asked = question.getQuestion();
    int sizeMax = sizeMax(question, stream);
    if (question.getHeader().getOpcode() != Opcode.QUERY || asked == null) {
      return failure(question, Rcode.NOTIMP).toWire(sizeMax);
    }
    var known = names.get();
    var name = asked.getName().toString(true);
    if (asked.getDClass() == DClass.IN) {
      if (asked.getType() == Type.PTR) {
        var reverse = known.nameOf(name);
        if (reverse.isPresent()) {
          return pointer(question, asked, reverse.get()).toWire(sizeMax);
        }
      }
      var addresses = known.addresses(name);
      if (addresses.isPresent()) {
        return addresses(question, asked, addresses.get()).toWire(sizeMax);
      }
      if (known.isBelowDomain(name)) {
        return failure(question, Rcode.NXDOMAIN).toWire(sizeMax);
      }
    }
    try {
      return host.ask(bytes, stream);
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("name", name).setCause(e).log("no name server answers");
      return failure(question, Rcode.SERVFAIL).toWire(sizeMax);
    }
  }

  private static int sizeMax(Message question, boolean stream) {
    if (stream) {
      return HostResolvers.MESSAGE_BYTE_COUNT_MAX;
    }
    OPTRecord options = question.getOPT();
    return options == null
        ? DATAGRAM_BYTE_COUNT_PLAIN
        : Math.clamp(options.getPayloadSize(), DATAGRAM_BYTE_COUNT_PLAIN, DATAGRAM_BYTE_COUNT_MAX);
  }

  private static Message addresses(Message question, Record asked, List<IpAddress> addresses) {
    var answer = begin(question);
    for (var address : addresses) {
      if (asked.getType() == Type.A && address.isIpv4()) {
        answer.addRecord(
            new ARecord(asked.getName(), DClass.IN, TTL_SECONDS, address.inet()), Section.ANSWER);
      } else if (asked.getType() == Type.AAAA && !address.isIpv4()) {
        answer.addRecord(
            new AAAARecord(asked.getName(), DClass.IN, TTL_SECONDS, address.inet()),
            Section.ANSWER);
      }
    }
    return answer; // A name that is there without such a record: no failure, and nothing.
  }

  private static Message pointer(Message question, Record asked, String name) {
    var answer = begin(question);
    answer.addRecord(
        new PTRRecord(asked.getName(), DClass.IN, TTL_SECONDS, Name.fromConstantString(name + ".")),
        Section.ANSWER);
    return answer;
  }

  private static Message failure(Message question, int code) {
    var answer = begin(question);
    answer.getHeader().setRcode(code);
    return answer;
  }

  private static Message begin(Message question) {
    var answer = new Message(question.getHeader().getID());
    var header = answer.getHeader();
    header.setFlag(Flags.QR);
    header.setFlag(Flags.RA);
    header.setOpcode(question.getHeader().getOpcode());
    if (question.getHeader().getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
    }
    var asked = question.getQuestion();
    if (asked != null) {
      answer.addRecord(asked, Section.QUESTION);
    }
    if (question.getOPT() != null) {
      answer.addRecord(new OPTRecord(DATAGRAM_BYTE_COUNT_MAX, 0, 0), Section.ADDITIONAL);
    }
    return answer;
  }
}
