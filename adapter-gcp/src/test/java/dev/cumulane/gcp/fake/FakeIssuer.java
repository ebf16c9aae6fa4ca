// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/** Signs OIDC tokens as Google does for a service account, and publishes its key. */
public final class FakeIssuer extends FakeGoogle {
    private static final String KEY_ID = "key-1";

    private final KeyPair key = FakeIam.key();
    private final InstantSource clock;

    /**
     * An issuer with a key of its own.
     *
     * @param clock by which its tokens begin
     */
    public FakeIssuer(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A token that lives for an hour.
     *
     * @param issuer who says that it has signed it
     * @param audience for whom it is
     * @param account of which service account it is
     * @param verified whether the account's address was verified
     * @return the value of an {@code Authorization} header
     */
    public String token(String issuer, String audience, String account, boolean verified) {
        Instant now = clock.instant();
        JsonWebToken.Payload payload = new JsonWebToken.Payload()
                .setIssuer(issuer)
                .setAudience(audience)
                .setIssuedAtTimeSeconds(now.getEpochSecond())
                .setExpirationTimeSeconds(now.plus(Duration.ofHours(1)).getEpochSecond());
        payload.set("email", account);
        payload.set("email_verified", verified);
        JsonWebSignature.Header header =
                new JsonWebSignature.Header().setAlgorithm("RS256").setKeyId(KEY_ID);
        try {
            return "Bearer "
                    + JsonWebSignature.signUsingRsaSha256(
                            key.getPrivate(), GsonFactory.getDefaultInstance(), header, payload);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void authenticate(Request request) {
        // Its keys are public.
    }

    @Override
    protected Answer handle(Request request) {
        if (!request.path().equals("/oauth2/v3/certs")) {
            throw new Refused(404, "NOT_FOUND", "keys are at /oauth2/v3/certs");
        }
        RSAPublicKey published = (RSAPublicKey) key.getPublic();
        ObjectNode keys = new ObjectMapper().createObjectNode();
        keys.putArray("keys")
                .addObject()
                .put("kty", "RSA")
                .put("alg", "RS256")
                .put("use", "sig")
                .put("kid", KEY_ID)
                .put("n", base64(published.getModulus()))
                .put("e", base64(published.getPublicExponent()));
        return Answer.of(200, keys.toString());
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
    }
}
