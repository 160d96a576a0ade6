package com.esperr.gateway.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Leaves options out of the help of commands that understand them, since whoever reads the configuration does, and have no use
 * for them. Stateless.
 */
final class HelpPages {
    private static final List<String> OF_GATEWAYS = List.of("--origin", "--listen", "--mode");
    private static final List<String> OF_RUNNING = List.of("--origin", "--listen", "--mode", "--admin");

    private HelpPages() {}

    /** Leaves out what only a gateway has, and what of the rest the commands for keys do not need either. */
    static void tidy(CommandLine all) {
        all.getSubcommands().forEach((name, command) -> {
            switch (name) {
                case "exec" -> hide(command, List.of("--origin"));
                case "server" -> hide(command, OF_GATEWAYS);
                case "mitigate" -> command.getSubcommands().values().forEach(one -> hide(one, OF_GATEWAYS));
                case "keys" -> command.getSubcommands().values().forEach(one -> hide(one, OF_RUNNING));
                default -> {}
            }
        });
    }

    private static void hide(CommandLine command, List<String> names) {
        CommandSpec spec = command.getCommandSpec();
        for (String name : names) {
            OptionSpec shown = spec.findOption(name);
            spec.remove(shown);
            spec.addOption(OptionSpec.builder(shown).hidden(true).build());
        }
    }
}
