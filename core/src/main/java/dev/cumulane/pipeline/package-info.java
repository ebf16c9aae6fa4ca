// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** What a team writes: pipelines, stages, artifacts and the plan they compile to. */
@NullMarked
package dev.cumulane.pipeline;

import org.jspecify.annotations.NullMarked;
