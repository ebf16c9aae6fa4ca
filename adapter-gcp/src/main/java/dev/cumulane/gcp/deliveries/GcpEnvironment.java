// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import java.util.Optional;

/** What an environment of the pipelines is in Google Cloud. */
public sealed interface GcpEnvironment permits FunctionEnvironment, PipelineEnvironment {
    /**
     * Where the environment answers.
     *
     * @return the address, if it was said
     */
    Optional<String> address();
}
