// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.io.BaseEncoding;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import java.util.function.Supplier;

/**
 * Signs in the name of a service account by the IAM service, so that no process holds a key. It takes the role of a token creator on the account, which a service account needs also on itself. One call for each
 * signature. Any thread.
 */
public final class IamSigner {
    private final Supplier<GoogleApi> iam;
    private final Supplier<String> account;

    /**
     * A signer. Does no I/O.
     *
     * @param iam makes the API {@code iamcredentials} on first use
     * @param account tells the service account on first use
     */
    public IamSigner(Supplier<GoogleApi> iam, Supplier<String> account) {
        this.iam = iam;
        this.account = account;
    }

    /**
     * Whose signature it is.
     *
     * @return the service account's address
     */
    public String account() {
        return account.get();
    }

    /**
     * Signs.
     *
     * @param bytes what to sign
     * @return RSA with SHA-256
     * @throws CloudException if the service does not sign
     */
    public byte[] sign(byte[] bytes) {
        String name = account();
        GcpService service = new GcpService("IAM", "service account " + name);
        String path = "/v1/projects/-/serviceAccounts/" + GoogleApi.encoded(name) + ":signBlob";
        String signed = service.call(
                        "sign a request",
                        () -> iam.get()
                                .post(
                                        "signBlob",
                                        path,
                                        JsonNodeFactory.instance.objectNode().put("payload", bytes)))
                .path("signedBlob")
                .asText();
        try {
            return BaseEncoding.base64().decode(signed);
        } catch (IllegalArgumentException e) {
            throw CloudException.permanent("IAM", "the signature of " + name + " is not in base64", e);
        }
    }
}
