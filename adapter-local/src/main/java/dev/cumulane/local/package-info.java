// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Runs pipelines on one machine: journal, work, deployment and command line. */
@NullMarked
package dev.cumulane.local;

import org.jspecify.annotations.NullMarked;
