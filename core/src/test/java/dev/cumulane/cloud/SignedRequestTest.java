// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedRequestTest {
    private static final URI ADDRESS = URI.create("https://store.example.com/objects/1?signature=abc%2Fdef");

    @Test
    void what_every_client_sends_by_itself_is_left_out_and_names_are_lower_case() {
        SignedRequest request =
                SignedRequest.of("PUT", ADDRESS, Map.of("Host", "store", "Content-Length", "5", "If-None-Match", "*"));

        assertThat(request.headers()).isEqualTo(Map.of("if-none-match", "*"));
    }

    @Test
    void a_log_does_not_show_the_signature() {
        assertThat(SignedRequest.of("GET", ADDRESS, Map.of("x-token", "secret")))
                .hasToString("GET https://store.example.com/objects/1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://store.example.com/",
                "http://127.0.0.1.example.com/",
                "https://user@example.com/",
                "https://example.com/#x",
                "https:///x",
                "file:///etc/passwd",
                "relative"
            })
    void an_address_to_which_no_secret_may_be_sent_is_refused(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedRequest.of("GET", URI.create(address), Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new WorkEndpoint(URI.create(address), List.of("key")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\"b", "a\\b", "ä", "a\u0000"})
    void a_header_that_a_script_could_not_write_down_as_it_is_is_refused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedRequest.of("GET", ADDRESS, Map.of("x", value)));
    }

    @Test
    void a_header_name_or_a_method_of_another_form_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedRequest.of("GET", ADDRESS, Map.of("x y", "1")));
        assertThatIllegalArgumentException().isThrownBy(() -> SignedRequest.of("DELETE", ADDRESS, Map.of()));
    }

    @Test
    void this_machine_itself_may_be_asked_without_encryption() {
        assertThat(SignedRequest.of("GET", URI.create("http://127.0.0.1:9000/o?s=1"), Map.of())
                        .uri())
                .hasPort(9000);
    }

    @Test
    void an_endpoint_has_one_key_or_two() {
        URI address = URI.create("https://example.com/work");

        assertThat(new WorkEndpoint(address, List.of("new", "old")).keys()).containsExactly("new", "old");
        assertThatIllegalArgumentException().isThrownBy(() -> new WorkEndpoint(address, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new WorkEndpoint(address, List.of("a", "b", "c")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WorkEndpoint(URI.create("https://example.com/work?x=1"), List.of("a")));
    }
}
