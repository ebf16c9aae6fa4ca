// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import java.util.Optional;

/** What an environment of the pipelines is in AWS. */
public sealed interface AwsEnvironment permits FunctionEnvironment, PipelineEnvironment {
    /**
     * The role by which it is deployed to, if it is in another account.
     *
     * @return the role
     */
    Optional<AssumedRole> role();
}
