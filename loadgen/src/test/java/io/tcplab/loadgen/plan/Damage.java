package io.tcplab.loadgen.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ways in which a profile's text gets damaged: by a bad disk, a slip of the hand, a wrong idea of the format. */
enum Damage {
    FLIP_BYTE {
        @Override
        String apply(String text, RandomGenerator random) {
            int at = random.nextInt(text.length());
            return text.substring(0, at) + (char) (text.charAt(at) ^ (1 << random.nextInt(8))) + text.substring(at + 1);
        }
    },
    INSERT_CHARACTER {
        @Override
        String apply(String text, RandomGenerator random) {
            String odd = "\t{}[]:,-#&*!|>'\"%@`\0\n 0é\u2028\uFFFE\uD800";
            int at = random.nextInt(text.length());
            return text.substring(0, at) + odd.charAt(random.nextInt(odd.length())) + text.substring(at);
        }
    },
    DELETE_LINE {
        @Override
        String apply(String text, RandomGenerator random) {
            List<String> lines = new ArrayList<>(text.lines().toList());
            lines.remove(random.nextInt(lines.size()));
            return String.join("\n", lines);
        }
    },
    SWAP_LINES {
        @Override
        String apply(String text, RandomGenerator random) {
            List<String> lines = new ArrayList<>(text.lines().toList());
            int from = random.nextInt(lines.size());
            String line = lines.set(from, lines.get(random.nextInt(lines.size())));
            lines.set(random.nextInt(lines.size()), line);
            return String.join("\n", lines);
        }
    },
    CUT_OFF {
        @Override
        String apply(String text, RandomGenerator random) {
            return text.substring(0, random.nextInt(text.length()));
        }
    },
    MISSPELL_WORD {
        @Override
        String apply(String text, RandomGenerator random) {
            return replaceWord(text, random, word -> {
                int at = random.nextInt(word.length());
                return random.nextBoolean()
                        ? word.substring(0, at) + word.substring(at + 1)
                        : word.substring(0, at) + (char) ('a' + random.nextInt(26)) + word.substring(at);
            });
        }
    },
    SWAP_WORDS {
        @Override
        String apply(String text, RandomGenerator random) {
            List<String> words = words(text);
            return replaceWord(text, random, _ -> words.get(random.nextInt(words.size())));
        }
    },
    CHANGE_VALUE {
        @Override
        String apply(String text, RandomGenerator random) {
            return replaceWord(text, random, _ -> VALUES.get(random.nextInt(VALUES.size())));
        }
    };

    static final List<String> VALUES = List.of(
            "0",
            "-1",
            "5",
            "007",
            "1.5",
            "5.0",
            "1e3",
            "0x1F",
            "99999999999999999999999999",
            "NaN",
            ".inf",
            "true",
            "\"true\"",
            "null",
            "~",
            "\"\"",
            "''",
            "[]",
            "{}",
            "[1, 2]",
            "{a: b}",
            "10",
            "10ms",
            "1.5ns",
            "5parsecs",
            "5k/x",
            "5k/s",
            "300/min",
            "0/s",
            "64B",
            "1TiB",
            "1-2",
            "2-1",
            "1-",
            "5 - 7",
            "{uniform: [1, 2]}",
            "{uniform: [1]}",
            "{exponential: 5}",
            "{constant: 0}",
            "rst",
            "linger 0",
            "linger 2s",
            "linger 99s",
            "linger",
            "client",
            "127.0.0.1",
            "127.0.0.0/24",
            "127.0.0.0/8",
            "::1",
            "\"5s\\n\"",
            "0s",
            "0.0",
            "&a 5",
            "*a",
            "!!str 5",
            "|\n  x",
            "2001-01-01",
            "\"5\"",
            "\"5.5\"",
            "ü",
            "a b",
            "../../x",
            "x".repeat(5_000),
            "[".repeat(100),
            "{a: ".repeat(50));

    abstract String apply(String text, RandomGenerator random);

    /** Returns the text once for each of its words and each of the {@link #VALUES}, with that value in place of that word. */
    static List<String> everyValueForEveryWord(String text) {
        List<String> damaged = new ArrayList<>();
        Matcher word = Pattern.compile("[^\\s{}\\[\\],:#\"]+").matcher(text);
        while (word.find()) {
            for (String value : VALUES) {
                damaged.add(text.substring(0, word.start()) + value + text.substring(word.end()));
            }
        }
        return damaged;
    }

    private interface Change {
        String of(String word);
    }

    private static List<String> words(String text) {
        return List.of(text.split("[\\s{}\\[\\],:#]+")).stream()
                .filter(w -> !w.isEmpty())
                .toList();
    }

    /** Replaces a word below the comments that open the file. */
    private static String replaceWord(String text, RandomGenerator random, Change change) {
        int body = text.indexOf("\nname:") + 1;
        List<String> words = words(text.substring(body));
        String word = words.get(random.nextInt(words.size()));
        List<Integer> places = new ArrayList<>();
        for (int at = text.indexOf(word, body); at >= 0; at = text.indexOf(word, at + 1)) {
            places.add(at);
        }
        int at = places.get(random.nextInt(places.size()));
        return text.substring(0, at) + change.of(word) + text.substring(at + word.length());
    }
}
