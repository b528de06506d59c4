package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkFailureTest {
    private static Environment.Finding find(String message) {
        Throwable outer = new UnsatisfiedLinkError("no jnitensorflow in java.library.path: /usr/lib");
        outer.initCause(new UnsatisfiedLinkError(message));
        return LinkFailure.finding("native", "the library does not load", new NoClassDefFoundError().initCause(outer));
    }

    @Test
    void lastCause_isTold_withTheFileOnce() {
        assertThat(find("/c/libjni.so: /c/libjni.so: failed to map segment from shared object")
                        .fact())
                .isEqualTo("the library does not load: /c/libjni.so: failed to map segment from shared object");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /lib/libc.so.6: version `GLIBC_2.34' not found (required by /c/libjni.so) | Debian 12
            /lib/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /c/x.so) | newer libstdc++
            /c/libjni.so: libstdc++.so.6: cannot open shared object file: No such file | apt-get install libstdc++6
            /c/libjni.so: /c/libjni.so: failed to map segment from shared object | cachedir=DIR
            java.io.IOException: No space left on device | Make room
            /c/libjni.so: /c/libjni.so: undefined symbol: TF_New |
            """)
    void remedy_goesByTheSentence(String message, String remedy) {
        assertThat(find(message).isFault()).isTrue();
        if (remedy == null) {
            assertThat(find(message).remedy()).isEmpty();
        } else {
            assertThat(find(message).remedy()).contains(remedy);
        }
    }
}
