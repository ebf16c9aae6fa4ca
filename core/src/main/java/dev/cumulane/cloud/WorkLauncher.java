// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.internal.order.Launcher;

/** The few lines of POSIX sh that a build service is handed: fetch the order, check its sha-256, run it in the current directory, which is empty. */
public final class WorkLauncher {
    private WorkLauncher() {}

    /**
     * Writes the launcher of an order that works through signed requests. It needs a POSIX {@code sh} with the usual tools, {@code curl} and one of {@code sha256sum}, {@code shasum},
     * {@code openssl}.
     *
     * <p>The service names its work in {@code CUMULANE_SERVICE_ID}. The script is at most 2 KiB, and holds nothing that Azure Pipelines or Cloud Build would expand. It holds
     * the order's pass: it belongs into no log.
     *
     * @param order the order of a build, with its pass
     * @return the script
     * @throws IllegalArgumentException if it is no build, or has no pass
     */
    public static String script(WorkOrder order) {
        WorkOrder.Pass pass = build(order)
                .pass()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "order of " + order.attempt()
                                        + " has no pass; a cloud whose builds use signed requests has Cloud.workEndpoint() and ArtifactStore.signer()"));
        return Launcher.script(pass.address(), pass.text(), order.order());
    }

    /**
     * Writes the launcher of an order that works on a directory.
     *
     * <p>The service names its work in {@code CUMULANE_SERVICE_ID}. The script is at most 2 KiB, and holds nothing that Azure Pipelines or Cloud Build would expand.
     *
     * @param order the order of a build
     * @param orderUrl where the order's bytes are: {@code file:} with an absolute path, not percent-encoded
     * @param store what the order works on: {@code file:} with the absolute path of a state directory
     * @return the script
     * @throws IllegalArgumentException if an address has another form, or both together are too long
     */
    public static String script(WorkOrder order, String orderUrl, String store) {
        return Launcher.script(orderUrl, build(order).order(), store);
    }

    private static WorkOrder build(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Container)) {
            throw new IllegalArgumentException("a function stage has no launcher: " + order.attempt());
        }
        return order;
    }
}
