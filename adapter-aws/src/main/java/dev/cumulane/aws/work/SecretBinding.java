// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;

/**
 * Where a build's secret is kept; CodeBuild reads it with the build's role when the build begins.
 *
 * @param keptIn the service
 * @param name the secret's or the parameter's name
 */
public record SecretBinding(Service keptIn, String name) {
    /** A service that keeps secrets and that CodeBuild reads. */
    public enum Service {
        /** AWS Secrets Manager. */
        SECRETS_MANAGER,
        /** The Parameter Store of AWS Systems Manager. */
        PARAMETER_STORE
    }

    EnvironmentVariable as(String variable) {
        return EnvironmentVariable.builder()
                .name(variable)
                .value(name)
                .type(EnvironmentVariableType.fromValue(keptIn.name()))
                .build();
    }
}
