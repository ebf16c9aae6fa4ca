// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** What forges are told of a run: the status of its commit. */
@NullMarked
package dev.cumulane.internal.status;

import org.jspecify.annotations.NullMarked;
