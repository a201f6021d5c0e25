-- CreateEnum
CREATE TYPE "ClassificationKind" AS ENUM ('asn', 'prefix', 'link');

-- CreateEnum
CREATE TYPE "ClassificationHistory" AS ENUM ('keep', 'rebuild');

-- CreateEnum
CREATE TYPE "ClassificationState" AS ENUM ('pending', 'applying', 'applied', 'failed');

-- CreateTable
CREATE TABLE "ClassificationEdit" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "authorId" UUID NOT NULL,
    "authorEmail" TEXT NOT NULL,
    "kind" "ClassificationKind" NOT NULL,
    "subject" TEXT NOT NULL,
    "interface" BIGINT,
    "networkType" TEXT,
    "validFrom" DATE,
    "validTo" DATE,
    "reason" TEXT NOT NULL,
    "history" "ClassificationHistory" NOT NULL,
    "state" "ClassificationState" NOT NULL DEFAULT 'pending',
    "progress" TEXT NOT NULL DEFAULT '',
    "problem" TEXT NOT NULL DEFAULT '',
    "taxonomyVersion" INTEGER,
    "daysChanged" INTEGER,
    "appliedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ClassificationEdit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ClassificationEdit_state_createdAt_idx" ON "ClassificationEdit"("state", "createdAt");
