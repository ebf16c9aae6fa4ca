// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.endtoend;

import dev.cumulane.engine.Engine;
import java.net.URI;

/** An installation on loopback, as the team sees it. */
public interface OnLoopback {
    /**
     * Where webhooks and people ask.
     *
     * @return the address
     */
    URI ingressAddress();

    /**
     * Reads the journal, and works on nothing.
     *
     * @return an engine
     */
    Engine reader();

    /**
     * The forge and the chat.
     *
     * @return the same each time
     */
    Neighbours neighbours();

    /**
     * With what GitHub signs.
     *
     * @return the secret
     */
    String webhookSecret();

    /**
     * Lets the alarm that deployments watch ring, or fall silent.
     *
     * @param rings whether it rings
     */
    void alarm(boolean rings);
}
