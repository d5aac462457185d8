package dev.berth.link.format;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON and reads them back. A value of a sealed interface carries the simple name
 * of its record in {@code "is"}, so that no class has to know how it is written down.
 */
public final class RecordFormat {
  /** Raised when records of an older version could no longer be read without a conversion. */
  public static final int VERSION = 1;

  private static final String TYPE_MEMBER = "is";
  private static final ObjectMapper MAPPER = mapper();

  private RecordFormat() {}

  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException failure) {
      throw new IllegalArgumentException("cannot write " + value.getClass().getName(), failure);
    }
  }

  /** Fails with an {@link UncheckedIOException} that names the type where the bytes are no such. */
  public static <T> T read(byte[] bytes, Class<T> type) {
    try {
      return MAPPER.readValue(bytes, type);
    } catch (IOException failure) {
      throw new UncheckedIOException("not a readable " + type.getSimpleName(), failure);
    }
  }

  private static ObjectMapper mapper() {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .annotationIntrospector(
            AnnotationIntrospector.pair(new SealedTypes(), new JacksonAnnotationIntrospector()))
        .defaultPropertyInclusion(JsonInclude.Value.ALL_NON_ABSENT)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
        .build();
  }

  /** Tells Jackson which records a sealed interface permits, by their simple names. */
  private static final class SealedTypes extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
        MapperConfig<?> config, AnnotatedClass annotated, JavaType baseType) {
      if (sealedAncestor(baseType.getRawClass()) == null) {
        return null;
      }
      return new StdTypeResolverBuilder(
          JsonTypeInfo.Value.construct(
              JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, TYPE_MEMBER, null, false, true));
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
      Class<?> type = annotated.getRawType();
      if (!type.isInterface() || !type.isSealed()) {
        return null;
      }
      List<NamedType> records = new ArrayList<>();
      collect(type, records);
      return records;
    }

    @Override
    public @Nullable String findTypeName(AnnotatedClass annotated) {
      Class<?> type = annotated.getRawType();
      return sealedAncestor(type) == null ? null : type.getSimpleName();
    }

    private static void collect(Class<?> type, List<NamedType> records) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        if (permitted.isSealed()) {
          collect(permitted, records);
        } else {
          records.add(new NamedType(permitted, permitted.getSimpleName()));
        }
      }
    }

    private static @Nullable Class<?> sealedAncestor(Class<?> type) {
      if (type.isInterface() && type.isSealed()) {
        return type;
      }
      return Arrays.stream(type.getInterfaces()).filter(Class::isSealed).findFirst().orElse(null);
    }
  }
}
