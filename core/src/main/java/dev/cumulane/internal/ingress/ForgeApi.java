// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.run.SourceEvent;
import java.util.List;
import java.util.Optional;

/**
 * Asks a forge what is so now, with the credential that the configuration names. Its answers, unlike a payload, are believed.
 *
 * <p>Every method throws {@link CloudException}: a retryable one if the forge did not answer, a permanent one if it refused.
 */
public interface ForgeApi {
    /**
     * All branches as they are now.
     *
     * @return for each its head, as a webhook would tell of it
     */
    List<SourceEvent.Pushed> heads();

    /**
     * All open change requests as they are now.
     *
     * @return for each its head, as a webhook would tell of it; none where the forge cannot be asked
     */
    List<SourceEvent.ChangeProposed> openChanges();

    /**
     * One change request as it is now.
     *
     * @param number its number
     * @return its head; empty if there is none or it is not open
     */
    Optional<SourceEvent.ChangeProposed> change(String number);

    /**
     * Whether somebody may write to the repository.
     *
     * @param user the name, as the forge's payloads and API have it
     * @return false also if nobody of that name is known
     */
    boolean mayWrite(String user);
}
