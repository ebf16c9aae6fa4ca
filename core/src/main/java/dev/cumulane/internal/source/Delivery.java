// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.pipeline.Digest;

/**
 * What names an authentic delivery. The signatures of most forges do not cover the id, so the body's digest names it as well.
 *
 * @param repository the short name of the repository whose hook was called
 * @param event the kind of event by the forge's header; empty where the body says it. No signature but GitLab's new one covers it either
 * @param id the forge's own id, the same when it delivers again; {@code sha256:} and the body's digest if there is none or it is unusable
 * @param body the digest of the body
 */
public record Delivery(String repository, String event, String id, Digest body) {}
