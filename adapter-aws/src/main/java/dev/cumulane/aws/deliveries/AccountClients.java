// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * The clients by which environments are deployed to: our own, or those of a role that is taken on for a run. What is known of a role is its session's credentials of the latest
 * run, in memory.
 */
final class AccountClients {
    /** The shortest that the token service gives. */
    private static final Duration SESSION = Duration.ofMinutes(15);

    private static final int LONGEST_NAME = 64;

    private final AwsClients own;
    private final Map<String, Session> sessions = new TreeMap<>();

    private record Session(String name, AwsClients clients) {}

    AccountClients(AwsClients own) {
        this.own = own;
    }

    AwsClients of(AwsEnvironment binding, RunId run) {
        return of(binding, run.value());
    }

    /** The clients for a session of this name; only what an account's trail may show. */
    synchronized AwsClients of(AwsEnvironment binding, String name) {
        Optional<AssumedRole> role = binding.role();
        if (role.isEmpty()) {
            return own;
        }
        String session = name.substring(Math.max(0, name.length() - LONGEST_NAME));
        return sessions.compute(
                        role.get().arn(),
                        (arn, known) -> known != null && known.name().equals(session)
                                ? known
                                : new Session(session, assuming(role.get(), session)))
                .clients();
    }

    private AwsClients assuming(AssumedRole role, String session) {
        return own.withCredentials(StsAssumeRoleCredentialsProvider.builder()
                .stsClient(own.sts())
                .refreshRequest(request -> request.roleArn(role.arn())
                        .roleSessionName(session)
                        .externalId(role.externalId())
                        .durationSeconds((int) SESSION.toSeconds()))
                .build());
    }
}
