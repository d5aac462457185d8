package dev.berth.api.protocol;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * An error as a client will see it.
 *
 * @param code what clients tell errors apart by
 * @param status of HTTP: from 500 on, the fault is ours
 * @param details further members that the model gives this error
 */
public record WireError(String code, int status, String message, SdkPojo details) {

  private static final SdkPojo NO_DETAILS =
      new SdkPojo() {
        @Override
        public List<SdkField<?>> sdkFields() {
          return List.of();
        }

        @Override
        public Map<String, SdkField<?>> sdkFieldNameToField() {
          return Map.of();
        }
      };

  /** An error without further members. */
  public WireError(String code, int status, String message) {
    this(code, status, message, NO_DETAILS);
  }

  /** Whether the client could have known better. */
  public boolean isSenderFault() {
    return status < 500;
  }
}
