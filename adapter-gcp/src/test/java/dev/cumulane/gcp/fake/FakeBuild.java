// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloudbuild.v1.Build;
import com.google.cloudbuild.v1.Build.Status;
import com.google.cloudbuild.v1.BuildStep;
import com.google.cloudbuild.v1.SecretManagerSecret;
import dev.cumulane.cloud.contract.ShellSession;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One build of {@link FakeCloudBuild}, whose only step is a script. Guarded by the fake. */
final class FakeBuild {
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$(?:(\\$)|\\{?([A-Za-z_][A-Za-z0-9_]*)}?)");

    private final Path directory;
    private Build build;
    private Optional<ShellSession> session = Optional.empty();

    FakeBuild(Build build, Path directory) {
        this.build = build;
        this.directory = directory;
    }

    Build build() {
        return build;
    }

    boolean isOver() {
        return build.hasFinishTime();
    }

    Path log() {
        return ShellSession.log(directory);
    }

    /** Begins the step; a build with a secret that is not there ends at once. */
    Optional<Process> begin(Map<String, String> secrets) {
        BuildStep step = build.getSteps(0);
        SortedMap<String, String> variables = new TreeMap<>();
        List<String> masked = new ArrayList<>();
        for (String variable : step.getEnvList()) {
            String[] parts = substituted(variable, builtIn(build)).split("=", 2);
            variables.put(parts[0], parts[1]);
        }
        for (SecretManagerSecret secret : build.getAvailableSecrets().getSecretManagerList()) {
            Optional<String> value = Optional.ofNullable(secrets.get(secret.getVersionName()));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            variables.put(secret.getEnv(), value.get());
            masked.add(value.get());
        }
        build = build.toBuilder().setStatus(Status.WORKING).build();
        session = Optional.of(ShellSession.begin(step.getScript(), variables, masked, directory));
        return session.map(ShellSession::process);
    }

    /** What Cloud Build always replaces. */
    private static Map<String, String> builtIn(Build build) {
        return Map.of(
                "BUILD_ID", build.getId(),
                "PROJECT_ID", build.getProjectId(),
                "LOCATION", build.getName().split("/", -1)[3]);
    }

    /** The names that a text wants to have replaced and that Cloud Build does not know. */
    static List<String> unknown(String text) {
        return SUBSTITUTION
                .matcher(text)
                .results()
                .filter(found -> found.group(1) == null)
                .map(found -> found.group(2))
                .filter(name -> !List.of("BUILD_ID", "PROJECT_ID", "LOCATION").contains(name))
                .toList();
    }

    private static String substituted(String text, Map<String, String> values) {
        return SUBSTITUTION
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null ? "$" : values.getOrDefault(found.group(2), "")));
    }

    /** Ends the build, whatever still runs of it. */
    void end(Status how, Instant at) {
        build = build.toBuilder()
                .setStatus(how)
                .setFinishTime(com.google.protobuf.Timestamp.newBuilder().setSeconds(at.getEpochSecond()))
                .build();
        session.ifPresent(ShellSession::end);
    }
}
