// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key vault: challenges who has no token, gives a secret's value, and lists its versions without it. */
public final class FakeVault extends FakeRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VERSION = "0123456789abcdef0123456789abcdef";
    private static final Pattern PATH = Pattern.compile("/secrets/([0-9a-zA-Z-]{1,127})(/versions|/)?");

    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();

    private record Secret(String value, boolean enabled) {}

    /**
     * Stores a secret.
     *
     * @param name its name
     * @param value its value
     */
    public void store(String name, String value) {
        secrets.put(name, new Secret(value, true));
    }

    /**
     * Disables a secret.
     *
     * @param name its name
     */
    public void disable(String name) {
        secrets.computeIfPresent(name, (same, secret) -> new Secret(secret.value(), false));
    }

    @Override
    protected String challenge() {
        return "Bearer authorization=\"https://login.microsoftonline.com/ab1f708d-50f6-404c-a006-d71b2ac7a606\", "
                + "resource=\"https://vault.azure.net\"";
    }

    @Override
    protected Answer answer(Asked asked) {
        Matcher path = PATH.matcher(asked.path());
        if (!asked.method().equals("GET") || !path.matches()) {
            return violated("no operation of a vault: " + asked.method() + " " + asked.path());
        }
        if (!String.valueOf(asked.uri().getQuery()).contains("api-version=")) {
            return violated("no api-version");
        }
        Secret secret = secrets.get(path.group(1));
        if ("/versions".equals(path.group(2))) {
            ObjectNode list = JSON.createObjectNode();
            list.putArray("value");
            if (secret != null) {
                list.withArray("value").add(described(path.group(1), secret));
            }
            return new Answer(200, list.toString());
        }
        if (secret == null) {
            return new Answer(404, "{\"error\":{\"code\":\"SecretNotFound\",\"message\":\"not found\"}}");
        }
        if (!secret.enabled()) {
            return new Answer(
                    403,
                    "{\"error\":{\"code\":\"Forbidden\",\"message\":\"disabled\",\"innererror\":{\"code\":\"SecretDisabled\"}}}");
        }
        return new Answer(
                200,
                described(path.group(1), secret).put("value", secret.value()).toString());
    }

    private ObjectNode described(String name, Secret secret) {
        ObjectNode described =
                JSON.createObjectNode().put("id", "https://shop.vault.azure.net/secrets/" + name + "/" + VERSION);
        described.putObject("attributes").put("enabled", secret.enabled());
        return described;
    }
}
