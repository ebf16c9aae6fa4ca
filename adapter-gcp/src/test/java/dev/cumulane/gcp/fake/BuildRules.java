// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloudbuild.v1.Build;
import com.google.cloudbuild.v1.BuildOptions.LoggingMode;
import com.google.cloudbuild.v1.BuildOptions.MachineType;
import com.google.cloudbuild.v1.BuildStep;
import com.google.cloudbuild.v1.CreateBuildRequest;
import com.google.cloudbuild.v1.SecretManagerSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What Cloud Build's documentation, and the words of its published definition, ask of a build. */
final class BuildRules {
    private static final int MOST_TAGS = 64;
    private static final long LONGEST_SECONDS = 24 * 60 * 60;

    private BuildRules() {}

    /** The first thing that is wrong. */
    static Optional<String> violation(CreateBuildRequest request) {
        Build build = request.getBuild();
        List<String> wrong = new ArrayList<>();
        if (!request.getParent().startsWith("projects/" + request.getProjectId() + "/locations/")) {
            wrong.add("parent and project_id are of two projects");
        }
        if (build.getStepsCount() != 1) {
            wrong.add("this fake runs builds of one step");
        } else {
            step(build.getSteps(0), wrong);
            secrets(build, wrong);
        }
        if (build.getTagsCount() > MOST_TAGS
                || build.getTagsList().stream().anyMatch(tag -> !tag.matches("\\w[\\w.-]{0,127}"))) {
            wrong.add("tags " + build.getTagsList());
        }
        if (build.getTimeout().getSeconds() < 1 || build.getTimeout().getSeconds() > LONGEST_SECONDS) {
            wrong.add("timeout " + build.getTimeout().getSeconds() + " s");
        }
        if (!build.getServiceAccount().matches("projects/[^/]+/serviceAccounts/[^/@]+@[^/@]+")) {
            wrong.add("service_account '" + build.getServiceAccount() + "'");
        }
        logging(build, wrong);
        if (build.getOptions().hasPool() && build.getOptions().getMachineType() != MachineType.UNSPECIFIED) {
            wrong.add("a private pool has machines of its own");
        }
        return wrong.stream().findFirst().map(one -> "CreateBuild: " + one);
    }

    private static void step(BuildStep step, List<String> wrong) {
        if (step.getName().isEmpty()) {
            wrong.add("a step names its image");
        }
        if (!step.getScript().isEmpty()
                && (step.getArgsCount() > 0 || !step.getEntrypoint().isEmpty())) {
            wrong.add("with a script there are no args and no entrypoint");
        }
        if (!step.getScript().startsWith("#!/bin/sh\n")) {
            wrong.add("this fake runs scripts for /bin/sh");
        }
        for (String variable : step.getEnvList()) {
            if (!variable.matches("(?s)[A-Za-z_][A-Za-z0-9_]*=.*")) {
                wrong.add("env '" + variable + "'");
            }
            if (!FakeBuild.unknown(variable).isEmpty()) {
                wrong.add(
                        "key in the template " + FakeBuild.unknown(variable) + " is not a valid built-in substitution");
            }
        }
    }

    private static void secrets(Build build, List<String> wrong) {
        List<String> used = build.getSteps(0).getSecretEnvList();
        List<String> available = build.getAvailableSecrets().getSecretManagerList().stream()
                .map(SecretManagerSecret::getEnv)
                .toList();
        if (!new TreeSet<>(used).equals(new TreeSet<>(available)) || used.size() != available.size()) {
            wrong.add("secret variables " + used + " of the step, " + available + " of the build");
        }
        build.getAvailableSecrets().getSecretManagerList().stream()
                .map(SecretManagerSecret::getVersionName)
                .filter(version -> !version.matches("projects/[^/]+/secrets/[A-Za-z0-9_-]{1,255}/versions/[^/]+"))
                .forEach(version -> wrong.add("secret version '" + version + "'"));
    }

    private static void logging(Build build, List<String> wrong) {
        LoggingMode mode = build.getOptions().getLogging();
        if (mode != LoggingMode.CLOUD_LOGGING_ONLY
                && mode != LoggingMode.NONE
                && build.getLogsBucket().isEmpty()) {
            wrong.add(
                    "if build.service_account is specified, the build must specify build.logs_bucket or a logging mode");
        }
    }
}
