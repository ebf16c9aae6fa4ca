// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Deployments to Lambda functions, by versions and the weights of an alias. */
@NullMarked
package dev.cumulane.aws.deliveries;

import org.jspecify.annotations.NullMarked;
