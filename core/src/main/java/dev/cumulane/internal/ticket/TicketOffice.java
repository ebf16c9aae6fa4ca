// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ticket;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** Issues what orders show to the {@link WorkDesk}. Safe for use by several threads. */
public final class TicketOffice {
    /** Begins the line of a pass, and what it proves. */
    static final String ORDER = "order ";

    /** Begins a ticket's last line. */
    static final String PROOF = "proof ";

    private final URI address;
    private final TicketKeys keys;

    private TicketOffice(URI address, TicketKeys keys) {
        this.address = address;
        this.keys = keys;
    }

    /**
     * The office of a cloud whose builds work through signed requests.
     *
     * @param cloud any cloud
     * @return its office; empty if it has no endpoint or its store signs nothing
     */
    public static Optional<TicketOffice> of(Cloud cloud) {
        Optional<WorkEndpoint> endpoint = cloud.workEndpoint();
        return endpoint.isPresent() && cloud.artifacts().signer().isPresent()
                ? endpoint.map(it -> new TicketOffice(it.address(), new TicketKeys(cloud.secrets(), it.keys())))
                : Optional.empty();
    }

    /**
     * A ticket as it stands in an order.
     *
     * @param ticket what it allows
     * @return lines of lower-case letters, digits, spaces and {@code / . -}, the last one being the proof, without a line break at the end
     * @throws CloudException permanent, if there is no usable key
     */
    public String issue(Ticket ticket) {
        String text = ticket.text();
        return text + PROOF + keys.proof(text);
    }

    /**
     * What lets a launcher fetch its order.
     *
     * @param order the order's digest
     * @param until when it ends
     * @return the pass
     * @throws CloudException permanent, if there is no usable key
     */
    public WorkOrder.Pass pass(Digest order, Instant until) {
        String text = ORDER + order + " " + until.getEpochSecond();
        return new WorkOrder.Pass(address, text + " " + keys.proof(text));
    }
}
