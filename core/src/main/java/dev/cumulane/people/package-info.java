// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The people who decide: by which names other services know them, and how a request proves who it comes from. */
@NullMarked
package dev.cumulane.people;

import org.jspecify.annotations.NullMarked;
