package com.esperr.gateway.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Networks with values, which may lie inside one another: finds the values of all networks around an address. A trie over the
 * bits of addresses in which nodes with a single branch are left out, held in plain arrays; a look-up takes as many steps as
 * there are branches on the way and allocates nothing. Immutable.
 *
 * @param <V> what a network stands for
 */
public final class CidrTrie<V> {
    private static final int NONE = -1;

    private final Tree<V> ipv4;
    private final Tree<V> ipv6;

    private CidrTrie(Tree<V> ipv4, Tree<V> ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** The networks that are the keys of {@code values}. */
    public static <V> CidrTrie<V> of(Map<Cidr, V> values) {
        Growing<V> ipv4 = new Growing<>();
        Growing<V> ipv6 = new Growing<>();
        values.forEach((network, value) -> (network.network().isIpv6() ? ipv6 : ipv4).add(network, value));
        return new CidrTrie<>(ipv4.grown(), ipv6.grown());
    }

    /** Tells the value of every network that contains {@code address}, from the widest to the narrowest. */
    public void around(IpAddress address, Consumer<? super V> found) {
        if (address.isIpv6()) {
            ipv6.around(address.high(), address.low(), found);
        } else {
            ipv4.around(address.low() << Integer.SIZE, 0, found);
        }
    }

    /** The mask of the first {@code bits} of the upper 64 bits of an address. */
    private static long upper(int bits) {
        return bits == 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
    }

    private static long lower(int bits) {
        return bits <= Long.SIZE ? 0 : upper(bits - Long.SIZE);
    }

    private static boolean bit(long high, long low, int at) {
        return (at < Long.SIZE ? high << at : low << (at - Long.SIZE)) < 0;
    }

    /** One family's nodes; the first is the root, and a node's number is its place in every array. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Tree<V>(List<Node<V>> nodes, long[] high, long[] low, int[] bits, int[] zero, int[] one) {
        void around(long addressHigh, long addressLow, Consumer<? super V> found) {
            int at = nodes.isEmpty() ? NONE : 0;
            while (at != NONE) {
                int length = bits[at];
                if (((addressHigh ^ high[at]) & upper(length)) != 0 || ((addressLow ^ low[at]) & lower(length)) != 0) {
                    return;
                }
                V value = nodes.get(at).value;
                if (value != null) {
                    found.accept(value);
                }
                at = length == Long.SIZE * 2 ? NONE : bit(addressHigh, addressLow, length) ? one[at] : zero[at];
            }
        }
    }

    private static final class Node<V> {
        private final long high;
        private final long low;
        private final int bits;
        private @Nullable V value;
        private @Nullable Node<V> zero;
        private @Nullable Node<V> one;

        Node(long high, long low, int bits, @Nullable V value) {
            this.high = high & upper(bits);
            this.low = low & lower(bits);
            this.bits = bits;
            this.value = value;
        }

        /** How many leading bits both have in common. */
        int common(Node<V> other) {
            int same = Long.numberOfLeadingZeros(high ^ other.high);
            if (same == Long.SIZE) {
                same += Long.numberOfLeadingZeros(low ^ other.low);
            }
            return Math.min(same, Math.min(bits, other.bits));
        }

        void hang(Node<V> below) {
            if (bit(below.high, below.low, bits)) {
                one = below;
            } else {
                zero = below;
            }
        }
    }

    /** The tree while networks are added to it. */
    private static final class Growing<V> {
        private @Nullable Node<V> root;

        void add(Cidr network, V value) {
            IpAddress first = network.network();
            Node<V> added = first.isIpv6()
                    ? new Node<>(first.high(), first.low(), network.bits(), value)
                    : new Node<>(first.low() << Integer.SIZE, 0, network.bits(), value);
            root = root == null ? added : joined(root, added);
        }

        /** The tree that has {@code tree} and {@code added}; as deep as an address has bits at the most. */
        private static <V> Node<V> joined(Node<V> tree, Node<V> added) {
            int common = tree.common(added);
            if (common == tree.bits && common == added.bits) {
                tree.value = added.value;
                return tree;
            }
            if (common == tree.bits) {
                Node<V> below = bit(added.high, added.low, common) ? tree.one : tree.zero;
                tree.hang(below == null ? added : joined(below, added));
                return tree;
            }
            if (common == added.bits) {
                added.hang(tree);
                return added;
            }
            Node<V> fork = new Node<>(tree.high, tree.low, common, null);
            fork.hang(tree);
            fork.hang(added);
            return fork;
        }

        Tree<V> grown() {
            List<Node<V>> nodes = new ArrayList<>();
            List<int[]> branches = new ArrayList<>();
            if (root != null) {
                number(root, nodes, branches);
            }
            return new Tree<>(
                    List.copyOf(nodes),
                    nodes.stream().mapToLong(node -> node.high).toArray(),
                    nodes.stream().mapToLong(node -> node.low).toArray(),
                    nodes.stream().mapToInt(node -> node.bits).toArray(),
                    branches.stream().mapToInt(branch -> branch[0]).toArray(),
                    branches.stream().mapToInt(branch -> branch[1]).toArray());
        }

        private static <V> int number(@Nullable Node<V> node, List<Node<V>> nodes, List<int[]> branches) {
            if (node == null) {
                return NONE;
            }
            int own = nodes.size();
            nodes.add(node);
            int[] branch = new int[2];
            branches.add(branch);
            branch[0] = number(node.zero, nodes, branches);
            branch[1] = number(node.one, nodes, branches);
            return own;
        }
    }
}
