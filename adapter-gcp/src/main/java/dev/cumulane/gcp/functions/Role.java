// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;

/** What one of the functions does with a request. */
interface Role {
    /**
     * Answers a request.
     *
     * @param request as it came
     * @return the answer; anything but 2xx makes a queue or a subscription send again
     */
    HttpAnswer answer(HttpRequest request);
}
