package dev.berth.api.shape;

import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/** The SDK's shapes as its fields describe them. */
public final class SdkShapes {
  private SdkShapes() {}

  /** A value's place: a structure has members, a list or a map has an element. */
  public sealed interface Member {

    record Structure(SdkPojo pojo) implements Member {}

    record Field(SdkField<?> field) implements Member {}

    /** The member of this name, if this is a structure that has it. */
    default Optional<Member> member(String name) {
      return structure()
          .flatMap(
              pojo ->
                  pojo.sdkFields().stream()
                      .filter(field -> field.memberName().equals(name))
                      .<Member>map(Field::new)
                      .findFirst());
    }

    /** The structure at this place, empty, if there is one. */
    default Optional<SdkPojo> structure() {
      return switch (this) {
        case Structure(SdkPojo pojo) -> Optional.of(pojo);
        case Field(SdkField<?> field) ->
            Optional.ofNullable(field.constructor()).map(constructor -> constructor.get());
      };
    }

    /** What a list or a map holds. */
    default Member element() {
      if (!(this instanceof Field(SdkField<?> field))) {
        throw new IllegalStateException("a structure has no elements");
      }
      return new Field(
          field
              .getOptionalTrait(ListTrait.class)
              .<SdkField<?>>map(ListTrait::memberFieldInfo)
              .orElseGet(() -> field.getRequiredTrait(MapTrait.class).valueFieldInfo()));
    }
  }

  /** A new builder of one of the SDK's classes. */
  public static SdkPojo builder(Class<?> sdkClass) {
    try {
      return (SdkPojo) sdkClass.getMethod("builder").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(sdkClass + " has no builder", e);
    }
  }

  static Optional<Member> member(Class<?> sdkClass) {
    return Optional.of(new Member.Structure(builder(sdkClass)));
  }
}
