// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** What the engine measures, as lines of a log of which CloudWatch makes metrics. */
@NullMarked
package dev.cumulane.aws.metrics;

import org.jspecify.annotations.NullMarked;
