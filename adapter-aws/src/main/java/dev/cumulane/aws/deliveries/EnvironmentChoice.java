// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import java.util.Optional;

/** What an environment can be bound to; given to the lambda of {@code Aws.environment}. Immutable. */
public final class EnvironmentChoice {
    /** In the account of this installation. */
    public static final EnvironmentChoice HERE = new EnvironmentChoice(Optional.empty());

    private final Optional<AssumedRole> role;

    private EnvironmentChoice(Optional<AssumedRole> role) {
        this.role = role;
    }

    /**
     * A Lambda function, by its alias {@code live}.
     *
     * @param name the function's name
     * @return the binding
     */
    public FunctionEnvironment function(String name) {
        return new FunctionEnvironment(name, "live", Optional.empty(), Optional.empty(), role);
    }

    /**
     * A pipeline of CodePipeline that takes the release over; say where it reads it.
     *
     * @param name the pipeline's name
     * @return where it reads the release
     */
    public PipelineEnvironment.Unsourced codePipeline(String name) {
        return new PipelineEnvironment.Unsourced(name, role);
    }

    /**
     * The same in another account; say by which role.
     *
     * @param number 12 digits
     * @return by which role
     */
    public OtherAccount inAccount(String number) {
        return new OtherAccount(number);
    }

    /**
     * Another account.
     *
     * @param number 12 digits
     */
    public record OtherAccount(String number) {
        /** Refuses what is no account's number. */
        public OtherAccount {
            if (!number.matches("[0-9]{12}")) {
                throw new IllegalArgumentException(
                        "an account's number has 12 digits, not '" + AssumedRole.shown(number) + "'");
            }
        }

        /**
         * Takes on a role of that account for each deployment.
         *
         * @param arn the role
         * @param externalId what its trust policy asks for in {@code sts:ExternalId}
         * @return what can be bound there
         * @throws IllegalArgumentException if it is a role of another account
         */
        public EnvironmentChoice assuming(String arn, String externalId) {
            AssumedRole role = new AssumedRole(arn, externalId);
            if (!role.account().equals(number)) {
                throw new IllegalArgumentException(
                        "role " + arn + " is of account " + role.account() + ", not " + number);
            }
            return new EnvironmentChoice(Optional.of(role));
        }
    }
}
