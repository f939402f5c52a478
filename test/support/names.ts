import { fold } from '../../server/domain/words.ts'

const COMMON = `Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefèvre Leroy Roux David
Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefebvre Faure André Mercier Blanc Guérin
Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson
Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard
Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas`
const FIRST = `Jean Marie Pierre Michel Philippe Nathalie Isabelle Sylvie Catherine Alain Patrick Nicolas Christophe Françoise
Martine Christine Valérie Sandrine Stéphane Frédéric Céline Véronique Julien Olivier David Laurent Sébastien Thierry Éric Aurélie
Émilie Julie Caroline Camille Thomas Alexandre Anne Claire Sophie Sarah Léa Manon Chloé Lucas Hugo Jean-Pierre Jean-Claude
Anne-Marie Marie-Claude Jean-Luc Jeanne Jeannine Mariette Marc Martin Marcel Marion Margaux Paul Pauline Xavier Gaëlle Maël Zoé
Benoît Cécile Agnès Inès Noémie Élodie Mélanie Jérôme Rémi Loïc Anaïs Héloïse Ségolène Théo Léo Louis Louise Jules Juliette`
const BEGINNINGS = `Bou Cha Del Mar Per Gau Lam Tré Vil Bar Cor Des Fou Gri Jou Ker Lan Mon Pel Rou Sau Tou Val Ver Car Dom Fer Gal
Hub Lar Mou Nor Pas Qué Ric Ser Tar Ur Bel Cos`
const MIDDLES = `lan che ron til mar ber gou sse vi de mo ti ra li no pe cha du fi ga la ne re so ta ve bi ca lou mi`
const ENDINGS = `ger et ot eau ard in el ier on aud ez y ault ec eux as`

const words = (text: string): string[] => text.split(/\s+/)

/** The most frequent names first, then some twenty thousand more. */
export const LAST_NAMES = [
  ...words(COMMON),
  ...words(BEGINNINGS).flatMap((one) =>
    words(MIDDLES).flatMap((two) => words(ENDINGS).map((three) => one + two + three)),
  ),
]
export const FIRST_NAMES = words(FIRST)

/** A number from 0 to 1 that looks random and is always the same for the same `n` and `seed`. */
function chance(n: number, seed: number): number {
  let bits = Math.imul(n ^ (seed * 0x9e3779b1), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32
}

/** One of a list whose entries become rarer towards its end as names do: by 1 / (rank + `flat`). */
function byRank(list: readonly string[], flat: number, share: number): string {
  const rank = Math.floor(flat * ((list.length + flat) / flat) ** share - flat)
  return list[rank] ?? ''
}

/**
 * User n's name, frequent names being as frequent as in life: of a million people some 7,000 are called Martin, and some
 * 50,000 Jean.
 */
export function nameOfUser(n: number) {
  const lastname = byRank(LAST_NAMES, 20, chance(n, 1))
  const firstname = byRank(FIRST_NAMES, 5, chance(n, 2))
  const email = `${fold(firstname)}.${fold(lastname)}${n}@example.org`
  return { lastname, firstname, email }
}
