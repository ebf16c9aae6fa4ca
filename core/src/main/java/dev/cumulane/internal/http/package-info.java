// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Calls to the services of others, kept to the hosts that the configuration names. */
@NullMarked
package dev.cumulane.internal.http;

import org.jspecify.annotations.NullMarked;
