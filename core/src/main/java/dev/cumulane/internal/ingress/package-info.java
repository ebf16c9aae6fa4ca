// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** What the outside tells over HTTP: requests are verified, queued and answered; later and elsewhere, what they tell is read and starts runs. */
@NullMarked
package dev.cumulane.internal.ingress;

import org.jspecify.annotations.NullMarked;
