// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Suppliers;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The IAM service, as far as it signs for service accounts; it knows one key for all of them. */
public final class FakeIam extends FakeGoogle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SIGN = Pattern.compile("/v1/projects/-/serviceAccounts/([^/:]+):signBlob");
    private static final Supplier<KeyPair> KEY = Suppliers.memoize(FakeIam::key);

    @Override
    protected Answer handle(Request request) {
        Matcher asked = SIGN.matcher(request.path());
        if (!request.method().equals("POST") || !asked.matches()) {
            throw new Refused(404, "NOT_FOUND", "Requested entity was not found.");
        }
        String account = URLDecoder.decode(asked.group(1), StandardCharsets.UTF_8);
        if (!account.endsWith(".iam.gserviceaccount.com")) {
            throw new Refused(404, "NOT_FOUND", "Unknown service account");
        }
        byte[] signed = sign(payload(request.body()));
        return Answer.of(
                200,
                JSON.createObjectNode()
                        .put("keyId", "1")
                        .put("signedBlob", Base64.getEncoder().encodeToString(signed))
                        .toString());
    }

    private static byte[] payload(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.size() != 1 || !json.path("payload").isTextual()) {
                throw new Refused(400, "INVALID_ARGUMENT", "payload is required, and nothing else is known");
            }
            return json.path("payload").binaryValue();
        } catch (IOException e) {
            throw new Refused(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
        }
    }

    /** Whether a signature is that of an account over these bytes. */
    static boolean verifies(byte[] bytes, byte[] signature) {
        try {
            Signature rsa = Signature.getInstance("SHA256withRSA");
            rsa.initVerify(KEY.get().getPublic());
            rsa.update(bytes);
            return rsa.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] sign(byte[] bytes) {
        try {
            Signature rsa = Signature.getInstance("SHA256withRSA");
            rsa.initSign(KEY.get().getPrivate());
            rsa.update(bytes);
            return rsa.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair key() {
        try {
            KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
            rsa.initialize(2048);
            return rsa.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
