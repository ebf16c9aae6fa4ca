// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.internal.order.Launcher;

/** The few lines of POSIX sh that a build service is handed: fetch the order, check its sha-256, run it in the current directory, which is empty. */
public final class WorkLauncher {
    private WorkLauncher() {}

    /**
     * Writes an order's launcher.
     *
     * <p>The service names its work in {@code CUMULANE_SERVICE_ID}. The script is at most 2 KiB, and holds nothing that Azure Pipelines or Cloud Build would expand.
     *
     * @param order the order of a build
     * @param orderUrl where the order's bytes are: {@code https:} or {@code file:} with an absolute path, not percent-encoded
     * @param store what the order works on: {@code file:} with the absolute path of a state directory
     * @return the script
     * @throws IllegalArgumentException if an address has another form, or both together are too long
     */
    public static String script(WorkOrder order, String orderUrl, String store) {
        if (!(order.runs() instanceof WorkOrder.Container)) {
            throw new IllegalArgumentException("a function stage has no launcher: " + order.attempt());
        }
        return Launcher.script(orderUrl, order.order(), store);
    }
}
