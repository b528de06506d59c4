package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void parse_ofEachKind() {
        assertThat(Json.parse(" {\"a\" : [ 1, -2 ,\"three\",[],{}] , \"b\":{\"c\":0}}\n"))
                .isEqualTo(Map.of("a", List.of(1L, -2L, "three", List.of(), Map.of()), "b", Map.of("c", 0L)));
        assertThat(Json.parse("[9223372036854775807,-9223372036854775808]"))
                .isEqualTo(List.of(Long.MAX_VALUE, Long.MIN_VALUE));
        assertThat(Json.object(Json.parse("{\"z\":1,\"a\":2}")))
                .containsExactly(Map.entry("z", 1L), Map.entry("a", 2L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\\\"|\"",
                "\\\\|\\",
                "\\/|/",
                "\\u0041|A",
                "\\u00e9|\u00e9",
                "\\ud834\\udd1e|\ud834\udd1e",
                "a\\u002fb|a/b"
            })
    void parse_ofEscapes(String escaped, String expected) {
        assertThat(Json.parse('"' + escaped + '"')).isEqualTo(expected);
    }

    @Test
    void parse_ofControlEscapes() {
        assertThat(Json.parse("\"\\b\\f\\n\\r\\t\"")).isEqualTo("\b\f\n\r\t");
    }

    @Test
    void quote_isReadBackAsItWas() {
        StringBuilder all = new StringBuilder("\ud834\udd1e");
        for (char c = 0; c < 0x300; c++) {
            all.append(c);
        }
        String quoted = Json.quote(all.toString());
        assertThat(quoted.chars().filter(c -> c < ' ')).isEmpty();
        assertThat(Json.parse(quoted)).isEqualTo(all.toString());
        assertThat(Json.quote("a\"b\\c\n")).isEqualTo("\"a\\\"b\\\\c\\u000a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[1",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1,\"a\":1}",
                "\"open",
                "\"open\\",
                "\"\\x\"",
                "\"\\u12",
                "\"\\u12\"",
                "\"\\uzzzz\"",
                "true",
                "null",
                "1.5",
                "1e3",
                "1-2",
                "-",
                "92233720368547758080",
                "1 1",
                "[[[[[[[[[[1]]]]]]]]]]"
            })
    void parse_ofWhatItIsNot_refuses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text));
    }

    @Test
    void parse_saysWhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.parse("[1,x]"))
                .withMessage("expected a value at character 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.parse("{\"a\":1,\"a\":2}"))
                .withMessage("expected each key once, found a again at character 12");
    }
}
