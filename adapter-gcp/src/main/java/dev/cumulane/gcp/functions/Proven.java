// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.gcp.signals.PushProof;

/**
 * A role for those only whose requests are proven. Cloud Run asks for the same proof before it calls the function, unless somebody has opened it.
 *
 * @param proof whose request it is
 * @param role what is done with it
 */
record Proven(PushProof proof, Role role) implements Role {
    @Override
    public HttpAnswer answer(HttpRequest request) {
        return proof.holds(request.header("authorization").orElse(""))
                ? role.answer(request)
                : HttpAnswer.text(401, "the request has no token that says whose it is");
    }
}
