// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What a run did, in the words of the standards: CloudEvents with CDEvents, OpenTelemetry, SLSA provenance. Pure functions of a plan and a history. */
@NullMarked
package dev.cumulane.internal.standards;

import org.jspecify.annotations.NullMarked;
