// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Builds and function stages as child processes of this machine. */
@NullMarked
package dev.cumulane.local.work;

import org.jspecify.annotations.NullMarked;
