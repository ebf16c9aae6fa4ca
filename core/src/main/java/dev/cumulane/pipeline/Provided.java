// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** What only a run knows and a stage can be given in its environment: the address of a deployment, a value that another stage hands on, or that all stages of a group do, an item of a list, a parameter. */
public sealed interface Provided
        permits AddressHandle, ValueHandle, ParameterHandle, ItemHandle, CollectedValuesHandle {}
