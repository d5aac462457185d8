package dev.berth.agent.network;

import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.util.Optional;

/** What answers tasks at 169.254.170.2. */
public interface LinkLocalService {
  /**
   * Who asks. An interface cannot send from another's address, so this is sure.
   *
   * @param subnetRange of its IPv4 address
   * @param counters of its interface, where they can be read
   */
  record Caller(
      TaskId task,
      EniSpec eni,
      Optional<Cidr> subnetRange,
      Optional<IpAddress> gateway,
      Optional<IpAddress> resolver,
      Optional<Counters> counters) {
    /** Of the subnet; of one address where that is not known. */
    public int prefixLength() {
      return subnetRange.map(Cidr::prefixLength).orElse(Integer.SIZE);
    }
  }

  /** What an interface has carried since it was made, as its task sees it. */
  record Counters(long receivedBytes, long receivedPackets, long sentBytes, long sentPackets) {}

  /**
   * An answer.
   *
   * @param status HTTP's
   * @param body JSON
   */
  record Answer(int status, String body) {}

  /**
   * A question.
   *
   * @param method HTTP's
   * @param path decoded, without a query
   * @param body as text, of bounded length
   */
  record Question(String method, String path, String body) {}

  /** Answers a question; may block for a moment. */
  Answer answer(Caller caller, Question question) throws IOException, InterruptedException;
}
