// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.HttpPipelinePolicy;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** What the emulators have in common. */
public final class Emulators {
    /** The names that all tests have; what they name lies in an account of the test's own. */
    public static final AzureNames NAMES =
            new AzureNames("shop", "shop-ci", () -> "0b1f6471-1bf0-4dda-aec3-cb9272f09590");

    /** Ten years, since the emulator's clock may be put forward. */
    private static final long LIFE_SECONDS = 10L * 365 * 24 * 3600;

    private Emulators() {}

    /**
     * Clients of emulators.
     *
     * @param endpoints addresses that take no TLS, by the names of {@link AzureClients.Connection}
     * @param watchers see every attempt
     * @return the clients
     */
    public static AzureClients clients(Map<String, URI> endpoints, HttpPipelinePolicy... watchers) {
        Map<String, URI> secure = new TreeMap<>();
        endpoints.forEach((service, address) -> secure.put(service, secure(address)));
        return new AzureClients(new AzureClients.Connection(
                NAMES, Emulators::credential, secure, List.of(watchers), Optional.of(http())));
    }

    /**
     * An address as clients want it, who show a token to https alone; {@link #http} takes that back.
     *
     * @param address an emulator's, or a proxy's
     * @return the same with https
     */
    public static URI secure(URI address) {
        return URI.create(address.toString().replaceFirst("^http:", "https:"));
    }

    /**
     * What {@link #secure} made of it, back.
     *
     * @param address with https
     * @return the same with http
     */
    public static URI insecure(URI address) {
        return URI.create(address.toString().replaceFirst("^https:", "http:"));
    }

    /**
     * What sends requests without TLS whatever their address says.
     *
     * @return the client
     */
    public static HttpClient http() {
        return new Unencrypted();
    }

    /**
     * A token that Azurite takes, since it looks at issuer, audience and times but at no signature.
     *
     * @return what gives it
     */
    public static TokenCredential credential() {
        long now = Instant.now().getEpochSecond();
        String claims = "{\"aud\":\"https://storage.azure.com\",\"iss\":\"https://sts.windows.net/"
                + "ab1f708d-50f6-404c-a006-d71b2ac7a606/\",\"oid\":\"11059fcc-5514-4800-b5f8-49808b9cfab6\","
                + "\"tid\":\"ab1f708d-50f6-404c-a006-d71b2ac7a606\",\"iat\":" + now + ",\"nbf\":" + (now - 300)
                + ",\"exp\":" + (now + LIFE_SECONDS) + "}";
        String token = part("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + part(claims) + "." + part("unsigned");
        OffsetDateTime end = Instant.ofEpochSecond(now + LIFE_SECONDS).atOffset(ZoneOffset.UTC);
        return request -> Mono.just(new AccessToken(token, end));
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }
}
