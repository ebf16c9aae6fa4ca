// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What is told to others of a run, how far it was told, and what could not be told. */
@NullMarked
package dev.cumulane.internal.follow;

import org.jspecify.annotations.NullMarked;
