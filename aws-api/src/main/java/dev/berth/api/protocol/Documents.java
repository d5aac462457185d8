package dev.berth.api.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import software.amazon.awssdk.core.document.Document;

/** Members that hold any JSON, as the SDK has it. The parser bounds their depth. */
final class Documents {
  private Documents() {}

  static Document read(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NULL -> Document.fromNull();
      case VALUE_TRUE -> Document.fromBoolean(true);
      case VALUE_FALSE -> Document.fromBoolean(false);
      case VALUE_STRING -> Document.fromString(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Document.fromNumber(parser.getText());
      case START_ARRAY -> {
        var list = new ArrayList<Document>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          list.add(read(parser, next));
        }
        yield Document.fromList(list);
      }
      case START_OBJECT -> {
        var map = new LinkedHashMap<String, Document>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          map.put(key, read(parser, parser.nextToken()));
        }
        yield Document.fromMap(map);
      }
      case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedRequest("unexpected " + token);
    };
  }

  static void write(JsonGenerator generator, Document document) throws IOException {
    if (document.isNull()) {
      generator.writeNull();
    } else if (document.isBoolean()) {
      generator.writeBoolean(document.asBoolean());
    } else if (document.isString()) {
      generator.writeString(document.asString());
    } else if (document.isNumber()) {
      generator.writeNumber(document.asNumber().stringValue());
    } else if (document.isList()) {
      generator.writeStartArray();
      for (Document element : document.asList()) {
        write(generator, element);
      }
      generator.writeEndArray();
    } else {
      generator.writeStartObject();
      for (var entry : document.asMap().entrySet()) {
        generator.writeFieldName(entry.getKey());
        write(generator, entry.getValue());
      }
      generator.writeEndObject();
    }
  }
}
