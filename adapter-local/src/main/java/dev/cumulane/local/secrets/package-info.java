// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The secrets of the local cloud. */
@NullMarked
package dev.cumulane.local.secrets;

import org.jspecify.annotations.NullMarked;
