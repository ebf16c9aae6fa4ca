// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import java.util.function.Function;

/**
 * A port that breaks one promise.
 *
 * @param how what it does wrong
 * @param contract the contract that must refuse it
 * @param test the contract's test of that promise
 * @param port makes it of a right one
 */
record Wrong(String how, Class<?> contract, String test, Function<Object, Object> port) {

    /** A port with one wrong method. */
    static <P> Wrong of(
            String how, Class<?> contract, String test, Class<P> port, String method, Twisted.Method<P> wrong) {
        return new Wrong(how, contract, test, right -> Twisted.of(port, port.cast(right), method, wrong));
    }

    @Override
    public String toString() {
        return how;
    }
}
