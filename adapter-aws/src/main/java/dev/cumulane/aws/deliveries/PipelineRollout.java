// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.HandedOverSteps;
import dev.cumulane.pipeline.Digest;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecution;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;

/**
 * A pipeline of CodePipeline as what brings releases. The token of a start is the same for the same step.
 *
 * @param binding the pipeline
 * @param executions its executions
 * @param source where it reads a release
 * @param alarms tells whether an alarm rings
 * @param console where people look at it
 */
record PipelineRollout(
        PipelineEnvironment binding,
        PipelineExecutions executions,
        SourceBucket source,
        Predicate<String> alarms,
        String console)
        implements HandedOverSteps.Service {
    @Override
    public String name() {
        return "pipeline " + binding.pipeline();
    }

    @Override
    public String put(byte[] zip) {
        return source.put(zip);
    }

    @Override
    public String start(DeploymentStep step, String version) {
        String wish = step.environment() + "/" + step.fence() + "/" + step.index();
        return executions.start(Digest.of(wish.getBytes(UTF_8)).hex(), version);
    }

    @Override
    public void stop(DeploymentStep step, String version) {
        executions.living(version).forEach(id -> executions.stop(id, "rolled back by Cumulane"));
    }

    @Override
    public Optional<String> ended(DeploymentStep step, String id) {
        PipelineExecution execution = executions.read(id);
        PipelineExecutionStatus status = execution.status();
        if (!PipelineExecutions.isOver(status)) {
            executions.approve(id, "decided in run " + step.run() + ", stage " + step.stage());
            return Optional.empty();
        }
        if (status == PipelineExecutionStatus.SUCCEEDED) {
            return Optional.of("");
        }
        String what = "execution " + id + " of pipeline " + binding.pipeline() + " is "
                + status.toString().toLowerCase(Locale.ROOT);
        return Optional.of(executions.failure(id).map(why -> what + ": " + why).orElse(what));
    }

    @Override
    public String address() {
        return binding.address().orElse(console);
    }

    @Override
    public boolean rings(String alarm) {
        return alarms.test(alarm);
    }
}
