// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import com.google.common.base.Suppliers;
import dev.cumulane.azure.deliveries.HandsOver;
import dev.cumulane.azure.journal.TableJournal;
import dev.cumulane.azure.logs.MonitorLogs;
import dev.cumulane.azure.signals.QueueDelivery;
import dev.cumulane.azure.signals.QueueSignals;
import dev.cumulane.azure.work.DevOpsBuilds;
import dev.cumulane.azure.work.FunctionAppFunctions;
import dev.cumulane.azure.work.WorkerCall;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What the invocations of a process have in common: a cloud and an engine, each made when it is first used and once. What could not be made is tried again by the next. */
final class Roles {
    /** Of how many runs the records are deleted in one sweep: as many as begin meanwhile in a busy installation, and more. */
    private static final int MOST_DELETED = 200;

    private final Supplier<Cloud> cloud;
    private final Supplier<Engine> engine;
    private final Supplier<QueueDelivery> delivery;

    Roles(Supplier<? extends Cloud> cloud, UnaryOperator<Engine.Builder> setup) {
        this.cloud = Suppliers.memoize(cloud::get);
        this.engine =
                Suppliers.memoize(() -> setup.apply(Engine.on(this.cloud.get())).open());
        this.delivery = Suppliers.memoize(this::delivery);
    }

    HttpAnswer answer(HttpRequest request) {
        Engine open = engine.get();
        if (request.path().equals(ServiceHooks.PATH) && cloud.get().signals() instanceof QueueSignals queue) {
            return new ServiceHooks(queue, cloud.get().secrets()).answer(request);
        }
        return open.answer(request);
    }

    void handle(String message) {
        delivery.get().handle(message);
    }

    private QueueDelivery delivery() {
        Cloud made = cloud.get();
        if (!(made.signals() instanceof QueueSignals queue)) {
            throw new IllegalStateException(
                    "the engine's function needs a cloud whose signals are a queue of Queue storage, not "
                            + made.signals().getClass().getName());
        }
        ServiceEvents events = new ServiceEvents(
                build -> made.builds() instanceof DevOpsBuilds builds ? builds.over(build) : Optional.empty(),
                build -> made instanceof HandsOver cloudOfPipelines
                        && cloudOfPipelines
                                .handOvers()
                                .filter(pipelines -> pipelines.told(build))
                                .isPresent());
        return new QueueDelivery(queue, engine.get()::handle, events);
    }

    void sweep() {
        engine.get().sweep();
        if (cloud.get().journal() instanceof TableJournal table) {
            int unused = table.deleteEnded(MOST_DELETED);
        }
    }

    void work(String message, String messageId, ClassLoader deployed, Consumer<String> log) {
        WorkerCall call = WorkerCall.parse(message);
        AttemptId attempt = call.call().attempt();
        String id = FunctionAppFunctions.id(messageId);
        log.accept(MonitorLogs.begins(attempt));
        try {
            if (isDeployed(call.code())) {
                call.call().carryOut(cloud.get(), deployed, log, id);
            } else {
                carryOutPinned(call, deployed, log, id);
            }
        } finally {
            log.accept(MonitorLogs.ends(attempt));
        }
    }

    private boolean isDeployed(Digest code) {
        return cloud.get().deployedCode().equals(Optional.of(code));
    }

    private void carryOutPinned(WorkerCall call, ClassLoader deployed, Consumer<String> log, String id) {
        try (PinnedCode code = PinnedCode.open(cloud.get().artifacts(), call.code(), deployed)) {
            call.call().carryOut(cloud.get(), code, log, id);
        } catch (IOException e) {
            throw new UncheckedIOException("the code of " + call.call().attempt() + " cannot be closed", e);
        }
    }
}
