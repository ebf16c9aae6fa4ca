// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsService;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AliasRoutingConfiguration;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** The aliases of one function, each changed only for who knows its latest revision. */
final class LambdaAliases {
    private final Supplier<LambdaClient> client;
    private final String function;

    LambdaAliases(Supplier<LambdaClient> client, String function) {
        this.client = client;
        this.function = function;
    }

    /**
     * Where an alias leads.
     *
     * @param version the version that gets the traffic, but for the weights
     * @param weights other versions' shares
     * @param description for people, or for us
     */
    record Target(String version, Map<String, Double> weights, String description) {
        Target {
            weights = new TreeMap<>(weights);
        }

        static Target all(String version) {
            return new Target(version, Map.of(), "");
        }
    }

    /**
     * An alias as it is.
     *
     * @param arn the alias's ARN
     * @param revision the revision that it has
     * @param target where it leads
     */
    record Found(String arn, String revision, Target target) {}

    Optional<Found> read(String alias) {
        try {
            var found = client.get()
                    .getAlias(request -> request.functionName(function).name(alias));
            Map<String, Double> weights = found.routingConfig() == null
                    ? Map.of()
                    : found.routingConfig().additionalVersionWeights();
            String description = Optional.ofNullable(found.description()).orElse("");
            return Optional.of(new Found(
                    found.aliasArn(), found.revisionId(), new Target(found.functionVersion(), weights, description)));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw service(alias).failure("read", e);
        }
    }

    /**
     * Makes an alias lead somewhere, unless it was changed since it was read.
     *
     * @param before what was read; empty if it was not there
     * @return the alias as it is now; empty if somebody else has changed it, or this very call whose answer was lost: read again
     */
    Optional<Found> change(String alias, Optional<Found> before, Target wanted) {
        AliasRoutingConfiguration weights = AliasRoutingConfiguration.builder()
                .additionalVersionWeights(wanted.weights())
                .build();
        try {
            if (before.isEmpty()) {
                var made = client.get()
                        .createAlias(request -> request.functionName(function)
                                .name(alias)
                                .functionVersion(wanted.version())
                                .description(wanted.description())
                                .routingConfig(weights));
                return Optional.of(new Found(made.aliasArn(), made.revisionId(), wanted));
            }
            var changed = client.get()
                    .updateAlias(request -> request.functionName(function)
                            .name(alias)
                            .functionVersion(wanted.version())
                            .description(wanted.description())
                            .routingConfig(weights)
                            .revisionId(before.get().revision()));
            return Optional.of(new Found(changed.aliasArn(), changed.revisionId(), wanted));
        } catch (PreconditionFailedException | ResourceConflictException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw service(alias).failure("change", e);
        }
    }

    void delete(String alias) {
        try {
            client.get().deleteAlias(request -> request.functionName(function).name(alias));
        } catch (SdkException e) {
            throw service(alias).failure("delete", e);
        }
    }

    private AwsService service(String alias) {
        return new AwsService("Lambda", "alias " + alias + " of function " + function);
    }
}
