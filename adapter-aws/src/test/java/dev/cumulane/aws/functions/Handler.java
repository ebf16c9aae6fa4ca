// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** A function's handler in the test's own JVM, without the runtime around it. One thread at a time. */
public final class Handler {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Role role;

    /**
     * A function that starts.
     *
     * @param functions the team's entry class
     * @param role ingress, engine or worker
     */
    public Handler(AwsFunctions functions, String role) {
        this.role = functions.role(role);
    }

    /**
     * Handles an event.
     *
     * @param arn the function's ARN as it was invoked
     * @param id the invocation's id
     * @param payload the event
     * @return the answer
     * @throws IOException if the event is no JSON
     */
    public byte[] handle(String arn, String id, byte[] payload) throws IOException {
        return JSON.writeValueAsBytes(role.handle(JSON.readTree(payload), new Role.Invocation(id, arn)));
    }
}
