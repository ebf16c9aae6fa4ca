// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import com.google.auth.oauth2.TokenVerifier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Knows whose a request is by the OIDC token that Pub/Sub, Cloud Tasks and Cloud Scheduler put into it: signed by Google, for this audience, of one of these service accounts.
 *
 * <p>Google's keys are fetched on first use and kept for an hour; a token that was found right is known again until it ends, since the same one comes with every request for a while. Any thread.
 */
public final class PushProof {
    /** Who signs. */
    private static final Set<String> ISSUERS = Set.of("https://accounts.google.com", "accounts.google.com");

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 8 * 1024;
    private static final int MOST_KNOWN = 100;

    private final Set<String> accounts;
    private final InstantSource clock;
    private final TokenVerifier verifier;

    /** Tokens that were found right, and when they end. */
    private final Map<String, Instant> known = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST_KNOWN;
        }
    });

    /**
     * What is asked of a token.
     *
     * @param audience for whom it must be, usually the function's address
     * @param accounts the addresses of the service accounts that may send
     * @param keys where the signers' keys are; Google's own if empty
     * @param clock by which a token ends
     */
    public PushProof(String audience, Set<String> accounts, Optional<String> keys, InstantSource clock) {
        this.accounts = new TreeSet<>(accounts);
        this.clock = clock;
        TokenVerifier.Builder builder =
                TokenVerifier.newBuilder().setAudience(audience).setClock(clock::millis);
        keys.ifPresent(builder::setCertificatesLocation);
        this.verifier = builder.build();
    }

    /**
     * Whether a request is proven.
     *
     * @param authorization the value of its header, empty if it has none
     * @return true if the token in it is right
     */
    public boolean holds(String authorization) {
        if (!authorization.startsWith(SCHEME) || authorization.length() > LONGEST) {
            return false;
        }
        String token = authorization.substring(SCHEME.length());
        Instant end = known.get(token);
        if (end != null) {
            return clock.instant().isBefore(end);
        }
        try {
            JsonWebToken.Payload payload = payload(token);
            boolean right = ISSUERS.contains(String.valueOf(payload.getIssuer()))
                    && Boolean.TRUE.equals(payload.get("email_verified"))
                    && accounts.contains(String.valueOf(payload.get("email")));
            if (right) {
                known.put(token, Instant.ofEpochSecond(payload.getExpirationTimeSeconds()));
            }
            return right;
        } catch (TokenVerifier.VerificationException | IllegalArgumentException e) {
            return false;
        }
    }

    private JsonWebToken.Payload payload(String token) throws TokenVerifier.VerificationException {
        JsonWebSignature signature = verifier.verify(token);
        return signature.getPayload();
    }
}
